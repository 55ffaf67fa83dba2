"""Conversations with a tool: the shapes of a picture are recorded by calls of a function, and the results are told in words.

The prompts are those that the chat template of Qwen2.5 writes. Each is made of a seed and an index, as in scenes.py.
"""
import json
import random

import scenes

EXPLANATION = """

# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
%s
</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>"""
NAME = "record_shape"
DESCRIPTIONS = ["Records a shape of the picture.", "Records a shape.", "Record one shape of the image.", None]
REQUESTS = ["Record the shapes.", "Record the shapes in this image.", "Record every shape.", "Record what you see."]


def definition(rng):
    """The function as different clients write it."""
    description = rng.choice(DESCRIPTIONS)
    properties = {key: {"type": "string"} for key in ("color", "shape")}
    parameters = {"type": "object", "properties": properties, "required": ["color", "shape"]}
    if rng.random() < 0.3:
        parameters["additionalProperties"] = False
    if rng.random() < 0.3:
        parameters = shuffled(rng, parameters)
    function = {"name": NAME}
    if description:
        function["description"] = description
    function["parameters"] = parameters
    if rng.random() < 0.2:
        function["strict"] = True
    if rng.random() < 0.3:
        function = shuffled(rng, function)
    tool = {"type": "function", "function": function}
    return json.dumps(shuffled(rng, tool) if rng.random() < 0.4 else tool)


def shuffled(rng, mapping):
    return dict(rng.sample(list(mapping.items()), len(mapping)))


def call(color, shape):
    arguments = json.dumps({"color": color, "shape": shape})
    return f'<tool_call>\n{{"name": "{NAME}", "arguments": {arguments}}}\n</tool_call>'


def recorded(numbers):
    *others, last = map(str, numbers)
    return f"Recorded as numbers {', '.join(others)} and {last}." if others else f"Recorded as number {last}."


def recording(rng, scene):
    """The turns that record a scene; one of a sign has no shape to record, and is described."""
    request = rng.choice(REQUESTS)
    if scene.sign:
        return [(request, scene.caption_en())]
    numbers = [rng.randint(1, 9) for _ in scene.objects]
    space = rng.choice(["", " "])
    results = "\n".join(f'<tool_response>\n{{"number":{space}{n}}}\n</tool_response>' for n in numbers)
    calls = "\n".join(call(c, s) for c, s, *_ in scene.objects)
    return [(request, calls), (results, recorded(numbers))]


def conversation(seed, index):
    """Turns, as scenes.conversation has them, with a model that has the tool: it records when it is asked to, and answers in words otherwise."""
    rng = random.Random(f"{seed} of tools/{index}")
    order = random.Random(f"{seed} of tools order/{index}")
    scene = scenes.Scene(rng, sign="" if rng.random() < 0.6 else None)
    if rng.random() < 0.8:
        turns = recording(rng, scene)
        if rng.random() < 0.2:
            turns.append(scene.describe(rng))
    else:
        turns = [scene.describe(rng) if rng.random() < 0.6 else scene.question(rng)]
        if rng.random() < 0.5:
            turns += recording(rng, scene)
    image = scene.render(rng)
    return [(scenes.asked(order, [image] if n == 0 else [], q), a) for n, (q, a) in enumerate(turns)]
