"""From a filled canvas back to a typed object: validation, repair, result; no tensor library."""
