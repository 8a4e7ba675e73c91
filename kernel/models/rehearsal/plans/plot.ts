/**
 * A program in Python's standard library alone that draws a function of x as a PNG: a computer need not have matplotlib.
 * The expression is read as one, and knows nothing but x and the functions of `math`. It says
 * where it is; with a pause after each line one can watch it.
 */
export const plotProgram = (expression: string, path: string, pauseSeconds = 0): string => `
import math, os, struct, time, zlib

expression = ${JSON.stringify(expression)}
path = ${JSON.stringify(path)}
names = {name: getattr(math, name) for name in dir(math) if not name.startswith("_")}
names["abs"] = abs
code = compile(expression.replace("^", "**"), "the function", "eval")
for name in code.co_names:
    if name != "x" and name not in names:
        raise SystemExit("I do not know " + name)

width, height, low, high = 640, 400, -10.0, 10.0
points = []
for column in range(width):
    x = low + (high - low) * column / (width - 1)
    try:
        y = float(eval(code, {"__builtins__": {}}, {**names, "x": x}))
    except (ValueError, ZeroDivisionError, OverflowError):
        y = math.nan
    points.append(y if math.isfinite(y) else None)
    if column % 160 == 0:
        print("x =", round(x, 2), flush=True)
        time.sleep(${pauseSeconds})
known = [y for y in points if y is not None]
if not known:
    raise SystemExit("nowhere between -10 and 10 does it have a value")
top, bottom = max(known), min(known)
if top == bottom:
    top, bottom = top + 1, bottom - 1
row = lambda y: round((top - y) / (top - bottom) * (height - 21)) + 10

pixels = [bytearray(b"\\xff\\xff\\xff" * width) for _ in range(height)]
def dot(column, line, colour):
    if 0 <= column < width and 0 <= line < height:
        pixels[line][3 * column:3 * column + 3] = bytes(colour)
for column in range(width):
    if bottom <= 0 <= top:
        dot(column, row(0), (200, 210, 220))
for line in range(height):
    dot(width // 2, line, (200, 210, 220))
before = None
for column, y in enumerate(points):
    if y is None:
        before = None
        continue
    here = row(y)
    for line in range(min(here, here if before is None else before), max(here, here if before is None else before) + 1):
        for thick in (0, 1):
            dot(column, line + thick, (11, 110, 127))
    before = here

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
raw = b"".join(b"\\0" + bytes(line) for line in pixels)
os.makedirs(os.path.dirname(path), exist_ok=True)
with open(path, "wb") as out:
    out.write(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
    out.write(chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))
print("written:", path)
`;
