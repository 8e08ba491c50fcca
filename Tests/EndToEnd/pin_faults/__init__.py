"""The fault matrix: every APDU of checking and changing a PIN, crossed with everything that can go wrong there."""
