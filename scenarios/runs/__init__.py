"""Lanes trained without a screen: claims, reports, records and fans over many seeds."""
