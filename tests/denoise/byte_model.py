"""What stand-in models over bytes have in common: all but what they say."""

from scaffold.testing import ByteTokenizer


class ByteModel:
    """Reads and writes bytes in a window as large as anyone needs."""

    tokenizer = ByteTokenizer()
    mask_id, null_id, max_length = 256, 257, 1 << 16

    def prompt(self, text):
        ids = self.tokenizer.encode(text)
        return ids, 0, len(ids)
