"""Checks training files by the published rules of their formats, and loads them with Hugging Face `datasets`.

usage: datasets.py rules {FORMAT FILE}...   each line, by the rules below, with Python alone
       datasets.py load {FORMAT FILE}...    the whole file, with the package `datasets`
       datasets.py parquet TABLE FILE ROWS  a Parquet file beside the rows that it was made of

Rules: OpenAI's checks of chat fine-tuning data (cookbook, "Data preparation and analysis for chat model
fine-tuning"); TRL's dataset formats (language modelling, preference, unpaired preference); the data
formats of Alpaca (instruction, input, output) and of ShareGPT (human and gpt by turns); ChatML's turns.
Prints how many lines or rows each has. Exit status 1 and a message when something does not hold.
"""

import json
import os
import re
import sys
import tempfile

# This file has the name of the package.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(
    os.path.abspath(__file__))]


METADATA = {"example_id", "score", "iterations", "backend", "time", "tags"}


def is_text(value):
    return isinstance(value, str) and value.strip() != ""


def turns(messages, name, text, first, second):
    assert isinstance(messages, list) and len(messages) >= 2 and len(messages) % 2 == 0
    for index, message in enumerate(messages):
        assert set(message) == {name, text}, f"keys {sorted(message)}"
        assert message[name] == (first, second)[index % 2], f"{name} {message[name]}"
        assert is_text(message[text]), "an empty text"


def openai(row):
    assert set(row) == {"messages", "metadata"}
    assert set(row["metadata"]) == METADATA and all(map(is_text, row["metadata"]["tags"]))
    assert type(row["metadata"]["example_id"]) is int and 0 <= row["metadata"]["score"] <= 1
    turns(row["messages"], "role", "content", "user", "assistant")


def sharegpt(row):
    assert set(row) == {"conversations"}
    turns(row["conversations"], "from", "value", "human", "gpt")


def chatml(row):
    assert set(row) == {"text"} and isinstance(row["text"], str)
    shape = r"<\|im_start\|>user\n(.+?)<\|im_end\|>\n<\|im_start\|>assistant\n(.+?)<\|im_end\|>\n"
    match = re.fullmatch(shape, row["text"], re.DOTALL)
    assert match and all(is_text(text) and "<|im_" not in text for text in match.groups())


def alpaca(row):
    assert set(row) == {"instruction", "input", "output"}
    assert is_text(row["instruction"]) and row["input"] == "" and is_text(row["output"])


def dpo(row):
    assert set(row) == {"prompt", "chosen", "rejected"}
    assert all(is_text(row[name]) for name in row) and row["chosen"] != row["rejected"]


def kto(row):
    assert set(row) == {"prompt", "completion", "label"}
    assert is_text(row["prompt"]) and is_text(row["completion"]) and type(row["label"]) is bool


RULES = {"openai": openai, "chatml": chatml, "sharegpt": sharegpt, "alpaca": alpaca, "dpo": dpo,
         "kto": kto}
STRINGS = {"chatml": ["text"], "alpaca": ["instruction", "input", "output"],
           "dpo": ["prompt", "chosen", "rejected"], "kto": ["prompt", "completion"]}


def once(pairs):
    assert len(dict(pairs)) == len(pairs), "a key twice"
    return dict(pairs)


def rows_of(path):
    data = open(path, "rb").read()
    assert data == b"" or data.endswith(b"\n"), "no newline at the end"
    assert b"\r" not in data, "CR"
    lines = data.decode("utf-8").split("\n")[:-1]
    return [json.loads(line, object_pairs_hook=once) for line in lines]


def check_rules(form, path):
    rows = rows_of(path)
    for number, row in enumerate(rows, 1):
        try:
            RULES[form](row)
        except AssertionError as error:
            sys.exit(f"{form}: line {number}: {error}: {json.dumps(row)[:200]}")
    if form == "kto":
        for wanted, other in zip(rows[::2], rows[1::2], strict=True):
            assert wanted["prompt"] == other["prompt"] and wanted["label"] and not other["label"]
    return len(rows)


def check_load(form, path):
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=folder, HF_DATASETS_CACHE=folder,
                          HF_DATASETS_DISABLE_PROGRESS_BARS="1")
        import datasets
        loaded = datasets.load_dataset("json", data_files={"train": path}, split="train")
        string, flag = datasets.Value("string"), datasets.Value("bool")
        if form in STRINGS:
            expected = dict.fromkeys(STRINGS[form], string) | ({"label": flag} if form == "kto" else {})
            assert dict(loaded.features) == expected, loaded.features
        else:
            name, keys = {"openai": ("messages", {"role", "content"}),
                          "sharegpt": ("conversations", {"from", "value"})}[form]
            turn = loaded.features[name]
            turn = turn[0] if isinstance(turn, list) else turn.feature
            others = ["metadata"] if form == "openai" else []
            assert list(loaded.features) == [name] + others and dict(turn) == dict.fromkeys(keys, string)
        assert list(loaded) == rows_of(path), "loaded is not what was written"
        return len(loaded)


def check_parquet(table, path, rows):
    import pyarrow.parquet as pq
    read = pq.read_table(path)
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    name = table.replace("/", "-")
    schema = json.load(open(f"{root}/schemas/views/{name}.schema.json", encoding="utf-8"))
    types = {"integer": "int64", "number": "double", "string": "string", "boolean": "bool"}
    assert read.column_names == list(schema["properties"])
    for field in read.schema:
        said = schema["properties"][field.name].get("type", "string")
        said = {said} if isinstance(said, str) else set(said)
        said |= {"null"} if None in schema["properties"][field.name].get("enum", []) else set()
        kind = (said - {"null"}).pop()
        if kind == "array":
            element = schema["properties"][field.name]["items"]["type"]
            assert str(field.type) == f"list<element: {types[element]} not null>", f"{field}"
        else:
            assert str(field.type) == types[kind], f"{field}"
        assert field.nullable == ("null" in said), f"{field}"
    assert read.to_pylist() == rows_of(rows), "read back is not what was written"
    return read.num_rows


CHECKS = {"rules": (check_rules, 2), "load": (check_load, 2), "parquet": (check_parquet, 3)}

if __name__ == "__main__":
    check, count = CHECKS.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 1))
    given = sys.argv[2:]
    if check is None or not given or len(given) % count:
        sys.exit(__doc__)
    for start in range(0, len(given), count):
        print(check(*given[start:start + count]))
