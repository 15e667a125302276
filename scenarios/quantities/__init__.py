"""What can be measured of a lane, and checks over it."""
