"""Which ids mean mask and null: the documented order, and refusal where sources disagree."""

import pytest
import replicas
from replicas import changed

from scaffold.errors import ModelError
from scaffold.models.family import Family
from scaffold.models.hub_tokenizer import read_tokenizer
from scaffold.models.load import LoadOptions, load


def test_two_sources_that_name_different_masks_are_refused_with_both_ids(tmp_path):
    replicas.dream(tmp_path)
    changed(tmp_path, "generation_config.json", mask_token_id=7)
    with pytest.raises(ModelError) as caught:
        load(str(tmp_path), "cpu")
    assert "293" in caught.value.message
    assert "7" in caught.value.message
    assert load(str(tmp_path), "cpu", LoadOptions(mask_id=293)).mask_id == 293


@pytest.mark.parametrize("source", ["registry text", "tokenizer role", "known string", "config", "generation config"])
def test_each_source_of_the_mask_id_is_enough_by_itself(tmp_path, source):
    mask = {"registry text": "<|MASK|>", "known string": "[MASK]"}.get(source, "<odd>")
    replicas.sdar(tmp_path, mask=mask)
    number = read_tokenizer(tmp_path, 320).special_id(mask)
    match source:
        case "tokenizer role":
            changed(tmp_path, "tokenizer_config.json", mask_token={"content": mask})
        case "config":
            changed(tmp_path, "config.json", mask_token_id=number)
        case "generation config":
            changed(tmp_path, "generation_config.json", mask_token_id=number)
        case _:
            pass
    assert load(str(tmp_path), "cpu").mask_id == number


def test_a_model_without_any_mask_is_refused_and_never_takes_the_unknown_token(tmp_path):
    replicas.sdar(tmp_path, mask="<unk>")
    changed(tmp_path, "tokenizer_config.json", unk_token="<unk>")
    with pytest.raises(ModelError):
        load(str(tmp_path), "cpu")


@pytest.mark.parametrize(
    ("settings", "source", "texts"),
    [
        ({}, "end of text", {"<|im_end|>", "<|endoftext|>"}),
        ({"delete": "<|im_start|>"}, "trained", {"<|im_start|>"}),
        ({"bare": True}, "padding", {"<|endoftext|>"}),
    ],
)
def test_the_null_is_the_best_sign_that_the_model_was_trained_on(tmp_path, settings, source, texts):
    replicas.dream(tmp_path)
    tokenizer = read_tokenizer(tmp_path, 320)
    if "delete" in settings:
        changed(tmp_path, "generation_config.json", delete_token_id=tokenizer.special_id(settings["delete"]))
    options = LoadOptions()
    if "bare" in settings:
        changed(tmp_path, "tokenizer_config.json", eos_token=None)
        changed(tmp_path, "config.json", eos_token_id=None)
        options = LoadOptions(family=Family(name="x", model_types=(), network="Qwen2ForCausalLM", is_shifted=True))
    model = load(str(tmp_path), "cpu", options)
    assert model.capabilities.null_source == source
    assert {tokenizer.text_of(number) for number in model.ids.nulls} == texts


def test_where_nothing_ends_a_text_a_word_of_the_prompt_does(tmp_path):
    replicas.dream(tmp_path)
    changed(tmp_path, "tokenizer_config.json", eos_token=None, pad_token=None, chat_template=None)
    changed(tmp_path, "config.json", eos_token_id=None, pad_token_id=None)
    options = LoadOptions(family=Family(name="x", model_types=(), network="Qwen2ForCausalLM", is_shifted=True))
    model = load(str(tmp_path), "cpu", options)
    word = model.tokenizer.text_of(model.null_id)
    assert model.capabilities.null_source == "prompted word"
    assert model.tokenizer.token_bytes[model.null_id] == b""
    text = f"a {word} b{word}"
    ids = model.tokenizer.encode(text)
    assert model.null_id not in ids
    assert b"".join(model.tokenizer.token_bytes[i] for i in ids).decode() == text
    assert model.null_id in model.prompt("hello")[0]
