"""Networks behind the `MaskPredictor` seam, and the embedded default."""
