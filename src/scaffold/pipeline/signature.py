"""What names a type together with a model: for artefacts that fit no other pair."""

from hashlib import sha256

from scaffold.denoise.predictor import MaskPredictor
from scaffold.pipeline.compiled import Compiled
from scaffold.schema import canonical


def signature(compiled: Compiled, predictor: MaskPredictor) -> str:
    """Sixteen hex digits over the schema and the model.

    A model is told by its class, its tokenizer and its `fingerprint` where it has one (over its weights): without,
    two models of one family look alike.
    """
    model = (
        type(predictor).__qualname__,
        predictor.tokenizer.fingerprint,
        str(predictor.null_id),
        getattr(predictor, "fingerprint", ""),
    )
    return sha256("\n".join((canonical.dumps(compiled.source.document), *model)).encode()).hexdigest()[:16]
