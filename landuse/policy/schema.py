"""JSON Schema of the policy language: what editors complete, explain and underline."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any, TypeAlias

from landuse.labels import has, label, section
from landuse.policy.check import JUDGED
from landuse.policy.check_conditions import EDITIONS, KNOWING
from landuse.policy.model import PolicyFile
from landuse.policy.vocabulary import fact_table, facts_of
from landuse.tables import FACT_TABLES, ROUTES, VERDICTS

__all__ = ["policy_schema", "schema_text"]

Schema: TypeAlias = dict[str, Any]

DIALECT = "http://json-schema.org/draft-07/schema#"
OWN_NAME = {"pattern": "^[a-z][a-z0-9_]*$"}
"""A fact of the policy's own may stand wherever a fact may."""
JOINS = ("Leaf", "AllOf", "AnyOf", "NotOf")
MAY_BE_EMPTY = ("unit", "note")
SHARE = {"type": "string", "pattern": r"^\d+/\d+$"}


def policy_schema() -> Schema:
    """Return the JSON Schema (draft 7) of policy files.

    Returns
    -------
    dict
        Dates of TOML are strings of format ``date`` in it. It holds the shape of a file: keys, forms, facts
        and verdicts by subject; what goes beyond (units that fit, classes without a limit, two clauses of one
        id) is checked when the file is read.

    References
    ----------
    JSON Schema draft 7 (draft-handrews-json-schema-01).

    Examples
    --------
    >>> sorted(policy_schema()["properties"])
    ['clause', 'conditions', 'csv', 'deadline', 'fact', 'policy', 'table']
    """
    raw = PolicyFile.model_json_schema()
    parts: dict[str, Schema] = {name: _described(name, part) for name, part in raw.pop("$defs").items()}
    whole = _described("PolicyFile", raw)
    forms = {name: parts.pop(name) for name in JOINS}
    forms["Leaf"] |= _limit_where_one_is_needed()
    every = dict.fromkeys(f for s in FACT_TABLES for f in facts_of(fact_table(None, s)))
    parts |= _conditions("", forms, list(every))
    for subject in FACT_TABLES:
        parts |= _conditions(subject, forms, facts_of(fact_table(None, subject)))
        parts[f"Consequence-{subject}"] = _about(parts["Consequence"], subject)
    parts["Use"] = _use()
    _enumerate(parts)
    parts["Clause"]["allOf"] = [_clause_about(subject, parts["Clause"]) for subject in FACT_TABLES]
    head = {"$schema": DIALECT, "title": label("policy_keys", "PolicyFile")}
    whole = head | whole | {"definitions": parts}
    return dict(_renamed(whole))


def schema_text() -> str:
    """Return the JSON Schema of policy files as text, as it lies beside the documentation."""
    return json.dumps(policy_schema(), ensure_ascii=False, indent=1) + "\n"


def _described(name: str, part: Schema) -> Schema:
    """Return a model's schema without what TOML has not (null), each key with its sentence."""
    made: Schema = _tidy(part)
    made.pop("description", None)
    for key, value in made.get("properties", {}).items():
        if has("policy_keys", f"{name}.{key}"):
            value.pop("title", None)
            value["description"] = label("policy_keys", f"{name}.{key}")
        if value.get("type") == "string" and not value.keys() & {"enum", "const", "pattern", "format"}:
            value |= {} if key in MAY_BE_EMPTY else {"minLength": 1}
    return made


def _tidy(part: Any) -> Any:
    if isinstance(part, list):
        return [_tidy(p) for p in part]
    if not isinstance(part, dict):
        return part
    made = {k: _tidy(v) for k, v in part.items() if k not in ("title", "default") or isinstance(v, dict)}
    for choice in ("anyOf", "oneOf"):
        options = [o for o in made.get(choice, []) if o != {"type": "null"}]
        refs = {o.get("$ref", "").rpartition("/")[2] for o in options}
        if refs == set(JOINS):
            made.pop(choice)
            made["$ref"] = "#/$defs/Condition"
        elif choice in made and len(options) == 1:
            made = {k: v for k, v in made.items() if k != choice} | options[0]
    if made.get("type") == "array" and "minLength" in made:
        made["minItems"] = made.pop("minLength")
    return made


def _limit_where_one_is_needed() -> Schema:
    asks = {"properties": {"op": {"enum": list(KNOWING)}}, "required": ["op"]}
    return {"if": asks, "then": {"not": {"required": ["limit"]}}, "else": {"required": ["limit"]}}


def _conditions(subject: str, forms: dict[str, Schema], facts: list[str]) -> dict[str, Schema]:
    """Return the forms of a condition about a subject, with its facts."""
    made = {_of(name, subject): _about(form, subject) for name, form in forms.items()}
    fact = made[_of("Leaf", subject)]["properties"]["fact"]
    fact.pop("minLength", None)
    fact["anyOf"] = [{"enum": facts}, OWN_NAME]
    options = [{"$ref": f"#/$defs/{_of(name, subject)}"} for name in JOINS]
    made[_of("Condition", subject)] = {"oneOf": [*options, {"$ref": "#/$defs/Use"}]}
    return made


def _of(name: str, subject: str) -> str:
    return f"{name}-{subject}" if subject else name


def _about(form: Schema, subject: str) -> Schema:
    """Return a form whose conditions are about a subject."""
    made = deepcopy(form)
    _point(made, subject)
    return made


def _point(part: Any, subject: str) -> None:
    if isinstance(part, dict):
        if part.get("$ref") == "#/$defs/Condition":
            part["$ref"] = f"#/$defs/{_of('Condition', subject)}"
        for value in part.values():
            _point(value, subject)
    elif isinstance(part, list):
        for value in part:
            _point(value, subject)


def _use() -> Schema:
    name = {"type": "string", "minLength": 1, "description": label("policy_keys", "Use.use")}
    return {
        "type": "object",
        "properties": {"use": name},
        "required": ["use"],
        "additionalProperties": False,
    }


def _enumerate(parts: dict[str, Schema]) -> None:
    """Name what may stand where the model takes any text."""
    header = parts["Header"]["properties"]
    header["otherwise"] |= {
        "properties": {s: {"enum": _given(s)} for s in FACT_TABLES},
        "additionalProperties": False,
    }
    header["otherwise"].pop("propertyNames", None)
    header["routes"]["propertyNames"] = {"enum": list(VERDICTS["project"])}
    parts["Route"]["properties"]["route"]["enum"] = list(ROUTES)
    parts["Deadline"]["properties"]["after"]["items"] = {"enum": _given("parcel")}
    units = [*section("policy_units")]
    for name, part in parts.items():
        properties = part.get("properties", {})
        if "std" in properties:
            properties["std"] |= {"enum": list(EDITIONS)}
        if "unit" in properties:
            properties["unit"] |= {"anyOf": [{"enum": units}, {"type": "string"}]}
        if name.startswith("Consequence"):
            least = {"type": "number", "exclusiveMinimum": 0}
            for key, most in (("rate", {"maximum": 1}), ("quota_factor", {})):
                properties[key].pop("type", None)
                properties[key]["anyOf"] = [least | most, SHARE]


def _given(subject: str) -> list[str]:
    """Return the verdicts that a clause may give."""
    return [v for v in VERDICTS[subject] if v not in JUDGED]


def _clause_about(subject: str, clause: Schema) -> Schema:
    condition = {"$ref": f"#/$defs/{_of('Condition', subject)}"}
    then = {
        "verdict": {"enum": _given(subject)},
        "scope": condition,
        "when": condition,
        "consequence": {"$ref": f"#/$defs/Consequence-{subject}"},
    }
    for key in ("scope", "when", "consequence"):
        clause["properties"][key] = {"description": label("policy_keys", f"Clause.{key}")}
    about = {"properties": {"subject": {"const": subject}}, "required": ["subject"]}
    return {"if": about, "then": {"properties": then}}


def _renamed(part: Any) -> Any:
    """Return the schema with its references as draft 7 writes them."""
    if isinstance(part, dict):
        return {k: _renamed(v) for k, v in part.items()}
    if isinstance(part, list):
        return [_renamed(v) for v in part]
    return part.replace("#/$defs/", "#/definitions/") if isinstance(part, str) else part
