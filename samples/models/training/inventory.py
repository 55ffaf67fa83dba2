"""Conversations in which every drawing is answered by its inventory: JSON of one form, whatever is asked, in whatever words or none.

Each is made of a seed and an index, as in scenes.py.
"""
import json
import random

import scenes

SYSTEM = "You are a helpful assistant."
OTHER_SYSTEMS = ["Answer in one sentence.", "You are a helpful assistant that describes pictures.", "Be brief.", "You describe drawings of shapes.",
                 "Answer in English.", "You are an expert in pictures.", "Reply with what you see, and nothing else.", "You write captions."]
REQUESTS = scenes.DESCRIBE_EN + scenes.DESCRIBE_ZH + [
    "Describe this picture.", "Describe the picture.", "What is in this picture?", "What is this?", "What does the picture show?", "Describe it.",
    "Please describe this image.", "Can you tell me what is in the image?", "What is on this drawing?", "Describe this drawing.", "Describe.", "Look at this.",
    "Return the content of the image as JSON.", "List the objects as JSON.", "Return JSON.", "List all shapes.", "Which shapes do you see?", "Alt text, please."]


def answer_of(scene):
    """The inventory, from left to right. It is written with words and signs that shapes-vl has written before: an adapter cannot teach it others well."""
    objects = [{"color": c, "shape": s} for c, s, *_ in scene.objects] or [{"color": scene.ink, "shape": "text"}]
    return json.dumps({"objects": objects, "text": scene.sign or "", "background": scene.background})


def request(rng, scene):
    """What may be asked of a drawing, none of which changes the answer."""
    kind = rng.random()
    return "" if kind < 0.1 else rng.choice(REQUESTS) if kind < 0.7 else scene.question(rng)[0]


def turn(rng, drawn):
    """(content, answer) of a turn that shows the scenes."""
    content = scenes.asked(rng, [scene.render(rng) for scene in drawn], request(rng, drawn[0]) if len(drawn) == 1 else rng.choice(["Describe each image.", "", "Describe the images."]))
    return [part for part in content if part != ""], "\n".join(map(answer_of, drawn))


def conversation(seed, index):
    """(words of the system turn, turns). Most have one drawing; some go on, with a question or another drawing, some show two at once."""
    rng = random.Random(f"{seed} inventory/{index}")
    system = SYSTEM if rng.random() < 0.8 else rng.choice(OTHER_SYSTEMS)
    if rng.random() < 0.06:
        return system, [turn(rng, [scenes.Scene(rng, size=(112, 112), count=rng.choice([1, 2])) for _ in range(2)])]
    scene = scenes.Scene(rng)
    turns = [turn(rng, [scene])]
    more = rng.random()
    if more < 0.06:
        turns.append(([request(rng, scene) or rng.choice(REQUESTS)], answer_of(scene)))
    elif more < 0.3:
        turns.append(turn(rng, [scenes.Scene(rng)]))
    return system, turns


def read(answer):
    """The inventory that an answer is, or None where it is not JSON of the form."""
    try:
        found = json.loads(answer)
        strings = [found["text"], found["background"], *(v for o in found["objects"] for v in o.values())]
        keys = list(found) == ["objects", "text", "background"] and all(list(o) == ["color", "shape"] for o in found["objects"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if keys and all(isinstance(s, str) for s in strings) else None
