package io.github.camelvlm.video;

import static io.github.camelvlm.video.HeifBuilder.box;
import static io.github.camelvlm.video.HeifBuilder.grid;
import static io.github.camelvlm.video.HeifBuilder.numbers;
import static io.github.camelvlm.video.HeifBuilder.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.Pictures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HEIC and AVIF files that lie: each ends in an error, and soon. */
@Timeout(120)
class HostileStillsTest {
    private static final int LIMIT = 1_000_000;

    private final ImageDecoder decoder = new ImageDecoder(LIMIT, new FfmpegStills());

    /** Takes all that would be written for ffmpeg, and decodes nothing. */
    private final ImageDecoder reader = new ImageDecoder(LIMIT, (name, coded, frames, cancellation) -> {
        try {
            coded.stream().writeTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new ImageException("picture " + name + " was not decoded");
    });

    private static byte[] still(String name) {
        return Pictures.bytes("media/stills/" + name);
    }

    private AbstractThrowableAssert<?, ?> refusal(byte[] file) {
        return assertThatThrownBy(() -> decoder.decode("cat", file)).isInstanceOf(ImageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"grid.heic", "libheif-alpha.heic", "grid.avif", "pillow-sequence.avif"})
    void aFileThatIsCutOffAnywhereIsSaidToBe(String name) {
        byte[] whole = still(name);
        for (int length = 12; length < 1000; length += 7) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> reader.decode("cat", cut))
                    .as("%d bytes", length)
                    .isInstanceOf(ImageException.class)
                    .hasMessageMatching("picture cat is (cut off after|damaged).*");
        }
    }

    @Test
    void pixelsThatAreCutOffAreSaidToBe() {
        refusal(Arrays.copyOf(still("plain.heic"), 2000))
                .hasMessage("picture cat is cut off after 2,000 bytes: copy the whole file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"grid.heic", "libheif-alpha.heic", "grid.avif"})
    void chanceInBoxesEndsInAnErrorOrNotAtAll(String name) {
        byte[] whole = still(name);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 3000; i++) {
            byte[] changed = whole.clone();
            for (int j = random.nextInt(1, 4); j > 0; j--) {
                changed[random.nextInt(12, 900)] = (byte) random.nextInt();
            }
            assertThatThrownBy(() -> reader.decode("cat", changed)).isInstanceOf(ImageException.class);
        }
    }

    @Test
    void chanceInPixelsEndsInAPictureOrAnError() {
        byte[] whole = still("plain.heic");
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 8; i++) {
            byte[] changed = whole.clone();
            for (int j = 0; j < 20; j++) {
                changed[random.nextInt(900, whole.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(decoder.decode("cat", changed).width()).isEqualTo(96);
            } catch (ImageException e) {
                assertThat(e).hasMessageStartingWith("picture cat ");
            }
        }
    }

    @Test
    void aSizeAboveTheLimitIsRefusedBeforeAnythingIsDecoded() {
        byte[] file = new HeifBuilder()
                .item("hvc1", new byte[10], size(65_535, 65_535))
                .build();
        refusal(file)
                .hasMessage(
                        "picture cat has 65535 × 65535 pixels, but 1,000,000 in all are allowed: scale it down or raise"
                                + " maxImagePixels");
    }

    @Test
    void aSizeThatIsNotThatOfThePixelsIsFound() {
        byte[] file = still("plain.heic");
        int at = new String(file, StandardCharsets.ISO_8859_1).indexOf("ispe");
        file[at + 11] = 120;
        refusal(file).hasMessageContaining("its pixels are 96 × 64, not 120 × 64");
    }

    @Test
    void manyTilesThatShareLargeBytesAreNotWritten() {
        int[] tiles = IntStream.generate(() -> 2).limit(65_025).toArray();
        byte[] file = new HeifBuilder()
                .item("grid", grid(255, 255, 255, 255), size(255, 255))
                .item("hvc1", new byte[1 << 20], size(1, 1))
                .reference("dimg", 1, tiles)
                .build();
        refusal(file).hasMessageContaining("it has more bytes than its pixels need");
    }

    /** What a decoder is told before a tile is written with each. */
    @Test
    void manyTilesThatShareALargeConfigurationAreNotWritten() {
        int[] tiles = IntStream.generate(() -> 2).limit(65_025).toArray();
        byte[] unit = new byte[60_000];
        byte[] hvcc = box("hvcC", new byte[22], numbers("1122", 1, 32, 1, unit.length), unit);
        byte[] file = new HeifBuilder()
                .item("grid", grid(255, 255, 255, 255), size(255, 255))
                .item("hvc1", numbers("41", 1, 0), size(1, 1), hvcc)
                .reference("dimg", 1, tiles)
                .build();
        assertThatThrownBy(() -> reader.decode("cat", file))
                .hasMessageContaining("it has more bytes than its pixels need");
    }

    @Test
    void anItemOfMorePropertiesThanAnyHasIsRefused() {
        HeifBuilder builder = new HeifBuilder().item("hvc1", new byte[10], size(10, 10));
        int[] many = IntStream.generate(() -> 1).limit(200).toArray();
        refusal(builder.associate(1, many).associate(1, many).build())
                .hasMessageContaining("item 1 has more than 255 properties");
    }

    @Test
    void aBoxThatIsLongerThanNumbersGoEndsWithTheFile() {
        byte[] ftyp = box("ftyp", "heic\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        // Behind it would be the file's first byte again, were the sum of place and length cut to 32 bits.
        byte[] free = numbers("44444", 1, 0x66726565, 0x7fffffff, -ftyp.length, 0);
        byte[] file = Arrays.copyOf(ftyp, ftyp.length + free.length);
        System.arraycopy(free, 0, file, ftyp.length, free.length);
        refusal(file).hasMessage("picture cat is cut off after " + file.length + " bytes: copy the whole file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iloc", "ipma"})
    void itemsWithoutAnythingAreCounted(String list) {
        // 1.1 million of them: a number, and that there is nothing.
        byte[] places = list.equals("iloc") ? new byte[11_000_000] : new byte[0];
        byte[] associations = list.equals("ipma") ? new byte[3_300_000] : new byte[0];
        byte[] meta = box(
                "meta",
                numbers("4", 0),
                box("pitm", numbers("42", 0, 1)),
                box("iinf", numbers("42", 0, 0)),
                box("iprp", box("ipco"), box("ipma", numbers("44", 0, associations.length / 3), associations)),
                box("iloc", numbers("424", 2 << 24, 0, places.length / 10), places));
        byte[] ftyp = box("ftyp", "heic\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        byte[] whole = Arrays.copyOf(ftyp, ftyp.length + meta.length);
        System.arraycopy(meta, 0, whole, ftyp.length, meta.length);
        refusal(whole).hasMessageContaining("it lists more than 1000000");
    }

    @Test
    void aGridOfATileThatIsTooLargeForTheHeapIsRefused() {
        byte[] file = new HeifBuilder()
                .item("grid", grid(1, 1, 100, 100), size(100, 100))
                .item("hvc1", new byte[10], size(65_536, 65_536))
                .reference("dimg", 1, 2)
                .build();
        refusal(file).hasMessageContaining("kB to decode, but the Java heap has room for");
    }

    @Test
    void aGridOfItselfEnds() {
        byte[] file = new HeifBuilder()
                .item("grid", grid(1, 1, 100, 100), size(100, 100))
                .reference("dimg", 1, 1)
                .build();
        refusal(file).hasMessageContaining("a HEIF picture of the kind \"grid\", which is not supported");
    }

    @Test
    void aFilmWithoutAStillIsSaidToBeOne() {
        byte[] file = still("pillow-sequence.avif");
        int at = new String(file, StandardCharsets.ISO_8859_1).indexOf("meta");
        file[at] = 'f';
        refusal(file)
                .hasMessage("picture cat is a film of pictures without a still one, which is not supported: save it"
                        + " as PNG");
    }

    @Test
    void countsThatPromiseTooMuchEnd() {
        byte[] iloc = box("iloc", numbers("4244", 2 << 24, 0, -1, 0));
        byte[] file = box(
                "meta",
                numbers("4", 0),
                box("pitm", numbers("42", 0, 1)),
                box("iinf", numbers("44", 1 << 24, -1)),
                box("iprp", box("ipco"), box("ipma", numbers("44", 0, -1))),
                iloc);
        byte[] ftyp = box("ftyp", "heic\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        byte[] whole = Arrays.copyOf(ftyp, ftyp.length + file.length);
        System.arraycopy(file, 0, whole, ftyp.length, file.length);
        refusal(whole).hasMessageMatching("picture cat is (cut off after|damaged).*");
    }

    @Test
    void placesOfNoBytesAreCounted() {
        // 1000 items of 65535 extents, none of which takes a byte of the file.
        byte[] head = numbers("422", 1 << 24, 0, 1000);
        byte[] iloc = Arrays.copyOf(head, head.length + 8000);
        for (int i = 0; i < 1000; i++) {
            System.arraycopy(numbers("2222", i + 1, 0, 0, 65_535), 0, iloc, head.length + 8 * i, 8);
        }
        byte[] meta = box(
                "meta",
                numbers("4", 0),
                box("pitm", numbers("42", 0, 1)),
                box("iinf", numbers("42", 0, 0)),
                box("iprp", box("ipco"), box("ipma", numbers("44", 0, 0))),
                box("iloc", iloc));
        byte[] ftyp = box("ftyp", "heic\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        byte[] whole = Arrays.copyOf(ftyp, ftyp.length + meta.length);
        System.arraycopy(meta, 0, whole, ftyp.length, meta.length);
        refusal(whole).hasMessageContaining("it lists more than 1000000");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aProgramThatHangsEndsWithItsRequest(@TempDir Path folder) throws Exception {
        Path hanging = folder.resolve("hanging");
        Path started = folder.resolve("started");
        Files.writeString(hanging, "#!/bin/sh\n: > " + started + "\nexec /bin/sleep 600\n");
        Files.setPosixFilePermissions(hanging, PosixFilePermissions.fromString("rwx------"));
        FfmpegStills stills = new FfmpegStills(() -> Optional.of(new FfmpegPrograms(hanging, hanging, null)));
        CompletableFuture<Void> cancellation = new CompletableFuture<>();
        CompletableFuture<Object> decoded = CompletableFuture.supplyAsync(
                () -> new ImageDecoder(LIMIT, stills).decode("cat", still("plain.heic"), size -> {}, cancellation));
        while (!Files.exists(started)) {
            assertThat(decoded).isNotDone();
            Thread.onSpinWait();
        }

        cancellation.complete(null);

        assertThatThrownBy(() -> decoded.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(ImageException.class);
    }
}
