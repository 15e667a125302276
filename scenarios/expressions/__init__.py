"""Arithmetic over named quantities: read, evaluated and differentiated, never run as Python."""
