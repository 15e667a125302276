"""The lessons of gradstep: scenario files, expressions and claims."""
