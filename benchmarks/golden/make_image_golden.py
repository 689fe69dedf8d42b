"""Makes the small drawn images that ImageFormatsTest decodes, and Pillow's pixels of each.

    python3 benchmarks/golden/make_image_golden.py modules/data/src/test/resources/org/mien/data/image/golden

Every image is a gradient with patches; none shows a person. NAME.EXT is accompanied by NAME.EXT.ppm, what
Pillow makes of it as 8-bit RGB, upright, alpha dropped. Made with Pillow 9.4.
"""
import io
import pathlib
import struct
import sys
import zlib

from PIL import Image, ImageOps

W, H = 24, 17


def picture(width=W, height=H):
    image = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            image.putpixel((x, y), (255 * x // (width - 1), 255 * y // (height - 1), 255 - 4 * (x + y)))
    for y in range(3, 9):
        for x in range(4, 11):
            image.putpixel((x, y), (220, 30, 60))
    for y in range(8, 14):
        for x in range(13, 20):
            image.putpixel((x, y), (20, 200, 90))
    return image


def smooth(width=W, height=H):
    """Without the patches' edges, which lossy coders blur."""
    image = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            image.putpixel((x, y), (40 + 7 * x, 30 + 9 * y, 200 - 3 * (x + y)))
    return image


def alpha():
    image = Image.new("L", (W, H))
    for y in range(H):
        for x in range(W):
            image.putpixel((x, y), (x * 16 + y * 3) % 256)
    return image


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows, interlaced=False, extra=b""):
    """rows(y) gives the bytes of each pixel of row y, a list; filter 0."""
    if interlaced:
        raw = b""
        for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
                               (0, 1, 1, 2)):
            if x0 < width:
                for y in range(y0, height, dy):
                    raw += b"\0" + b"".join(rows(y)[x0::dx])
    else:
        raw = b"".join(b"\0" + b"".join(rows(y)) for y in range(height))
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced)))
            + extra + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def without_adobe(jpeg):
    at = 2
    while jpeg[at + 1] != 0xDA:
        length = struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        if jpeg[at + 1] == 0xEE:
            return jpeg[:at] + jpeg[at + 2 + length:]
        at += 2 + length
    raise ValueError("no Adobe marker")


def ycck(jpeg):
    """The same components, said to be YCCK."""
    at = jpeg.index(b"Adobe")
    return jpeg[:at + 11] + b"\2" + jpeg[at + 12:]


def gif_with_offset():
    """A picture of 10x6 at 5, 4 on a screen of 24x17 whose background is colour 3."""
    small = smooth(10, 6).quantize(8)
    data = bytearray(encoded(small, "GIF", interlace=0))
    data[6:10] = struct.pack("<HH", W, H)
    data[11] = 3
    at = data.index(b",", 13 + 3 * (2 << (data[10] & 7)))
    data[at + 1:at + 5] = struct.pack("<HH", 5, 4)
    return bytes(data)


def expected(name, data):
    image = Image.open(io.BytesIO(data))
    if name == "grey16.png":
        # Pillow would clip 16 bits when it converts; the upper 8 are wanted.
        values = [v >> 8 for v in image.getdata()]
        grey = Image.new("L", image.size)
        grey.putdata(values)
        return grey.convert("RGB")
    if name == "grey16.pgm":
        grey = Image.new("L", image.size)
        grey.putdata([(255 * v + 32767) // 65535 for v in image.getdata()])
        return grey.convert("RGB")
    if name == "offset.gif":
        # Pillow fills the screen with colour 0; the specification says the background colour.
        screen = Image.new("RGB", (W, H), tuple(image.getpalette()[9:12]))
        screen.paste(image.convert("RGB").crop((5, 4, 15, 10)), (5, 4))
        return screen
    image = ImageOps.exif_transpose(image)
    return image.convert("RGBA").convert("RGB") if "transparency" in image.info else image.convert("RGB")


def main(folder):
    p, s = picture(), smooth()
    px = [[p.getpixel((x, y)) for x in range(W)] for y in range(H)]
    deep = [[struct.pack(">HHH", *(257 * v ^ 0x35 for v in c)) for c in row] for row in px]
    files = {
        "baseline.jpg": encoded(s, "JPEG", quality=90),
        "full-chroma.jpg": encoded(s, "JPEG", quality=95, subsampling=0),
        "progressive.jpg": encoded(s, "JPEG", quality=90, progressive=True),
        "grey.jpg": encoded(s.convert("L"), "JPEG", quality=90),
        "adobe-cmyk.jpg": encoded(s.convert("CMYK"), "JPEG", quality=95),
        "plain-cmyk.jpg": without_adobe(encoded(s.convert("CMYK"), "JPEG", quality=95)),
        "ycck.jpg": ycck(encoded(s.convert("CMYK"), "JPEG", quality=95)),
        "rgb8.png": encoded(p, "PNG"),
        "grey8.png": encoded(p.convert("L"), "PNG"),
        "grey1.png": encoded(p.convert("1"), "PNG"),
        "grey16.png": png(W, H, 16, 0, lambda y: [struct.pack(">H", 257 * c[0] ^ 0x35) for c in px[y]]),
        "rgb16.png": png(W, H, 16, 2, lambda y: deep[y]),
        "rgba16.png": png(W, H, 16, 6, lambda y: [d + struct.pack(">H", 999 * i) for i, d in enumerate(deep[y])]),
        "palette.png": encoded(p.quantize(16), "PNG"),
        "transparent-palette.png": encoded(p.quantize(16), "PNG", transparency=b"\0\x80\xff"),
        "alpha.png": encoded(Image.merge("RGBA", p.split() + (alpha(),)), "PNG"),
        "grey-alpha.png": encoded(Image.merge("LA", (p.convert("L"), alpha())), "PNG"),
        "interlaced.png": png(W, H, 8, 2, lambda y: [bytes(c) for c in px[y]], interlaced=True),
        "rgb24.bmp": encoded(p, "BMP"),
        "palette.bmp": encoded(p.quantize(200), "BMP"),
        "grey1.bmp": encoded(p.convert("1"), "BMP"),
        "rgb32.bmp": encoded(Image.merge("RGBA", p.split() + (alpha(),)), "BMP"),
        "plain.gif": encoded(p.quantize(64), "GIF", interlace=0),
        "interlaced.gif": encoded(p.quantize(250), "GIF", interlace=1),
        "transparent.gif": encoded(p.quantize(16), "GIF", transparency=2),
        "animated.gif": encoded(p.quantize(16), "GIF", save_all=True, append_images=[s.quantize(16)]),
        "offset.gif": gif_with_offset(),
        "lossless.webp": encoded(p, "WEBP", lossless=True),
        "lossy.webp": encoded(s, "WEBP", quality=80),
        "lossy-alpha.webp": encoded(Image.merge("RGBA", s.split() + (alpha(),)), "WEBP", quality=80, exact=True),
        "lossless-alpha.webp": encoded(
            Image.merge("RGBA", p.split() + (alpha(),)), "WEBP", lossless=True, exact=True),
        "binary.ppm": encoded(p, "PPM"),
        "grey16.pgm": b"P5 24 17 65535\n" + b"".join(
            struct.pack(">H", 257 * c[1] ^ 0x91) for row in px for c in row),
        "text.ppm": b"P3\n# drawn\n24 17 255\n" + b"\n".join(
            b" ".join(b"%d %d %d" % c for c in row) for row in px),
    }
    for orientation in range(1, 9):
        files["turned-%d.jpg" % orientation] = encoded(s, "JPEG", quality=95, subsampling=0, exif=exif(orientation))
        files["turned-%d.webp" % orientation] = encoded(p, "WEBP", lossless=True, exif=exif(orientation))
    files["turned-6.png"] = encoded(p, "PNG", exif=exif(6))
    cmyk = Image.merge("RGBA", s.split() + (alpha(),)).getdata()
    four = Image.new("CMYK", (W, H))
    four.putdata([(r, g, b, a // 4) for r, g, b, a in cmyk])
    files["turned-cmyk.jpg"] = encoded(four, "JPEG", quality=97, exif=exif(8))
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
        if name.endswith((".pgm", ".ppm")) and name != "grey16.pgm":
            p.save(folder / (name + ".ppm"))
        else:
            expected(name, data).save(folder / (name + ".ppm"))
    (folder / "animated.webp").write_bytes(encoded(p, "WEBP", save_all=True, append_images=[s], lossless=True))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
