package io.github.camelvlm.routes.soak;

import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.Mutations;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/** Files that are called pictures: cut off, changed at random, of a size that nothing could hold, or something else. */
final class HostilePictures {
    private static final List<String> NAMES = List.of(
            "one-shape.png",
            "three-shapes.jpg",
            "progressive.jpg",
            "cmyk.jpg",
            "animated.gif",
            "lossless.webp",
            "lossy.webp",
            "plain.bmp",
            "lzw.tiff");

    private HostilePictures() {}

    /** One that may or may not be readable, but never takes long or much. */
    static byte[] any(RandomGenerator random) throws IOException {
        byte[] picture = Files.readAllBytes(Goldens.picture(NAMES.get(random.nextInt(NAMES.size()))));
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(picture, random.nextInt(picture.length));
            case 1 -> huge();
            case 2 -> "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".getBytes(StandardCharsets.UTF_8);
            case 3 -> noise(random);
            default -> Mutations.of(picture, random);
        };
    }

    /** One that cannot be read: cut off in its middle. */
    static byte[] broken() throws IOException {
        byte[] picture = Files.readAllBytes(Goldens.picture("one-shape.png"));
        return Arrays.copyOf(picture, picture.length / 2);
    }

    private static byte[] noise(RandomGenerator random) {
        byte[] noise = new byte[random.nextInt(1, 2000)];
        random.nextBytes(noise);
        return noise;
    }

    /** A PNG of 67 bytes that declares 100,000 × 100,000 pixels. */
    private static byte[] huge() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream chunk = new DataOutputStream(header);
        chunk.writeBytes("IHDR");
        chunk.writeInt(100_000);
        chunk.writeInt(100_000);
        chunk.write(new byte[] {8, 2, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(header.toByteArray());
        out.writeInt(header.size() - 4);
        out.write(header.toByteArray());
        out.writeInt((int) crc.getValue());
        return bytes.toByteArray();
    }
}
