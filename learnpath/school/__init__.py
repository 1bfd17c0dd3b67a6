"""Schools, years, terms and school weeks, classes, enrolments and guardians."""
