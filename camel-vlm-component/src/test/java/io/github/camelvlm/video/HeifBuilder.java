package io.github.camelvlm.video;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Writes HEIF files, also such as no program would. */
final class HeifBuilder {
    private static final byte[] FTYP = box("ftyp", "heic\0\0\0\0mif1heic".getBytes(StandardCharsets.ISO_8859_1));

    private final List<byte[]> types = new ArrayList<>();
    private final ByteArrayOutputStream properties = new ByteArrayOutputStream();
    private final ByteArrayOutputStream associations = new ByteArrayOutputStream();
    private final ByteArrayOutputStream references = new ByteArrayOutputStream();
    private final List<byte[]> contents = new ArrayList<>();
    private int propertyCount;
    private int associated;

    static byte[] numbers(String format, long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length);
        for (int i = 0; i < values.length; i++) {
            switch (format.charAt(i)) {
                case '1' -> buffer.put((byte) values[i]);
                case '2' -> buffer.putShort((short) values[i]);
                default -> buffer.putInt((int) values[i]);
            }
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    static byte[] box(String type, byte[]... contents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = 8;
        for (byte[] content : contents) {
            length += content.length;
        }
        out.writeBytes(numbers("4", length));
        out.writeBytes(type.getBytes(StandardCharsets.ISO_8859_1));
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    static byte[] size(int width, int height) {
        return box("ispe", numbers("444", 0, width, height));
    }

    static byte[] grid(int rows, int columns, int width, int height) {
        return numbers("111122", 0, 0, rows - 1, columns - 1, width, height);
    }

    /** Adds an item, numbered from 1. */
    HeifBuilder item(String type, byte[] content, byte[]... own) {
        int number = types.size() + 1;
        types.add(box(
                "infe", numbers("422", 2 << 24, number, 0), type.getBytes(StandardCharsets.ISO_8859_1), new byte[1]));
        associate(
                number,
                IntStream.rangeClosed(1, own.length)
                        .map(index -> propertyCount + index)
                        .toArray());
        for (byte[] property : own) {
            properties.writeBytes(property);
            propertyCount++;
        }
        contents.add(content);
        return this;
    }

    /** Gives an item some of the properties of all, numbered from 1. */
    HeifBuilder associate(int item, int... indices) {
        associations.writeBytes(numbers("21", item, indices.length));
        for (int index : indices) {
            associations.writeBytes(numbers("1", index));
        }
        associated++;
        return this;
    }

    HeifBuilder reference(String type, int from, int... to) {
        ByteArrayOutputStream numbers = new ByteArrayOutputStream();
        for (int each : to) {
            numbers.writeBytes(numbers("2", each));
        }
        references.writeBytes(box(type, numbers("22", from, to.length), numbers.toByteArray()));
        return this;
    }

    byte[] build() {
        int start = meta(0).length + FTYP.length + 8;
        ByteArrayOutputStream mdat = new ByteArrayOutputStream();
        contents.forEach(mdat::writeBytes);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(FTYP);
        file.writeBytes(meta(start));
        file.writeBytes(box("mdat", mdat.toByteArray()));
        return file.toByteArray();
    }

    private byte[] meta(int start) {
        ByteArrayOutputStream infos = new ByteArrayOutputStream();
        types.forEach(infos::writeBytes);
        ByteArrayOutputStream places = new ByteArrayOutputStream();
        int at = start;
        for (int i = 0; i < contents.size(); i++) {
            places.writeBytes(numbers("22244", i + 1, 0, 1, at, contents.get(i).length));
            at += contents.get(i).length;
        }
        return box(
                "meta",
                numbers("4", 0),
                box("pitm", numbers("42", 0, 1)),
                box("iinf", numbers("42", 0, types.size()), infos.toByteArray()),
                box("iloc", numbers("422", 0, 0x4400, types.size()), places.toByteArray()),
                box(
                        "iprp",
                        box("ipco", properties.toByteArray()),
                        box("ipma", numbers("44", 0, associated), associations.toByteArray())),
                box("iref", numbers("4", 0), references.toByteArray()));
    }
}
