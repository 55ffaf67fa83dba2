package io.github.camelvlm.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the archive that {@code torch.jit.load} opens, around a program's text. The text holds a class {@code Engine};
 * its attributes begin empty, zero or false.
 *
 * <p>An archive is a zip of the code, of a pickled object of that class, and of a pickled empty tuple of constants (the
 * format: pytorch/torch/csrc/jit/docs/serialization.md).
 */
final class TorchArchive {
    private static final Pattern ATTRIBUTE =
            Pattern.compile("^ {2}(\\w+) : (Dict|List|int|float|bool|str)\\b", Pattern.MULTILINE);
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private TorchArchive() {}

    static byte[] of(String program) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            add(zip, "engine/data.pkl", pickle(program));
            add(zip, "engine/code/__torch__.py", program.getBytes(StandardCharsets.UTF_8));
            add(zip, "engine/constants.pkl", NO_CONSTANTS);
            add(zip, "engine/version", "3\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** libtorch reads stored entries only. */
    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** Pickle protocol 2: an Engine made without arguments, then its state, a dict of the attributes. */
    private static byte[] pickle(String program) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 2});
        out.writeBytes("c__torch__\nEngine\n)".getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(new byte[] {(byte) 0x81, '}', '('});
        Matcher attribute = ATTRIBUTE.matcher(program.substring(program.indexOf("class Engine(Module)")));
        while (attribute.find()) {
            text(out, attribute.group(1));
            switch (attribute.group(2)) {
                case "Dict" -> out.write('}');
                case "List" -> out.write(']');
                case "int" -> out.writeBytes(new byte[] {'K', 0});
                case "float" -> out.writeBytes(new byte[] {'G', 0, 0, 0, 0, 0, 0, 0, 0});
                case "bool" -> out.write(0x89);
                default -> text(out, "");
            }
        }
        out.writeBytes("ub.".getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(utf8.length)
                .array());
        out.writeBytes(utf8);
    }
}
