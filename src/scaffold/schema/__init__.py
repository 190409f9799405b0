"""What is asked for: a type or JSON Schema becomes the IR."""
