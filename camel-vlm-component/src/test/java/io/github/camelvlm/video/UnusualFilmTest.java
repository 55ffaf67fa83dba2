package io.github.camelvlm.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.RgbImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Films as they are seldom, which ffmpeg makes here. */
@Timeout(120)
class UnusualFilmTest {
    private static final String TEST = "testsrc=size=64x48";

    @TempDir
    Path folder;

    private byte[] film(String name, String... arguments) throws Exception {
        FfmpegPrograms programs = FfmpegPrograms.find().orElseThrow();
        List<String> command = new ArrayList<>(List.of(programs.ffmpeg().toString(), "-v", "error", "-nostdin", "-y"));
        command.addAll(List.of(arguments));
        command.add(name);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
        builder.environment().put("LD_LIBRARY_PATH", String.valueOf(programs.libraries()));
        assertThat(builder.start().waitFor()).isZero();
        return Files.readAllBytes(folder.resolve(name));
    }

    private static PictureFrames open(byte[] film, FrameSampling sampling) {
        return new VideoDecoder(1_000_000).open(new VideoFile("film.mp4", film, sampling), new CompletableFuture<>());
    }

    private static List<RgbImage> all(PictureFrames frames) {
        List<RgbImage> all = new ArrayList<>();
        while (all.size() < frames.count()) {
            all.add(frames.next());
        }
        return all;
    }

    /** Of which one frame is held at a time. */
    @Test
    void showsSevenHundredAndSixtyEightFramesOfAnHour() throws Exception {
        byte[] hour = film(
                "hour.mp4",
                "-f",
                "lavfi",
                "-i",
                TEST + ":rate=1:duration=3600",
                "-c:v",
                "mpeg4",
                "-g",
                "600",
                "-q:v",
                "31");
        try (PictureFrames frames = open(hour, FrameSampling.DEFAULT)) {
            assertThat(frames.count()).isEqualTo(768);
            RgbImage first = frames.next();
            RgbImage last = first;
            for (int i = 1; i < 768; i++) {
                last = frames.next();
            }
            assertThat(frames.seconds(767)).isEqualTo(3599);
            assertThat(last.rgb()).isNotEqualTo(first.rgb());
        }
    }

    @Test
    void showsAFilmOfFewFrames() throws Exception {
        for (int there = 1; there <= 3; there++) {
            byte[] film = film(
                    there + ".mp4", "-f", "lavfi", "-i", TEST + ":rate=25", "-frames:v", "" + there, "-c:v", "mpeg4");
            try (PictureFrames frames = open(film, FrameSampling.DEFAULT)) {
                assertThat(all(frames)).hasSize(there == 1 ? 1 : 2);
            }
        }
    }

    @Test
    void showsAFilmWhoseFramesComeAtUnevenTimes() throws Exception {
        byte[] film = film(
                "uneven.mp4",
                "-f",
                "lavfi",
                "-i",
                TEST + ":rate=10:duration=4",
                "-vf",
                "setpts='if(lt(N,20),N*0.05,1+(N-20)*0.15)/TB'",
                "-fps_mode",
                "vfr",
                "-c:v",
                "mpeg4");
        try (PictureFrames frames = open(film, FrameSampling.DEFAULT)) {
            assertThat(all(frames)).hasSizeBetween(6, 8);
            assertThat(frames.seconds(frames.count() - 1)).isBetween(3.0, 4.1);
        }
    }

    @Test
    void showsTheFilmBesideSoundAndSubtitles() throws Exception {
        Files.writeString(folder.resolve("words.srt"), "1\n00:00:00,000 --> 00:00:01,000\nHello\n");
        byte[] film = film(
                "spoken.mkv",
                "-f",
                "lavfi",
                "-i",
                "sine=duration=2",
                "-i",
                "words.srt",
                "-f",
                "lavfi",
                "-i",
                TEST + ":rate=10:duration=2",
                "-map",
                "0",
                "-map",
                "1",
                "-map",
                "2",
                "-c:v",
                "mpeg4",
                "-c:a",
                "aac",
                "-c:s",
                "srt");
        try (PictureFrames frames = open(film, FrameSampling.DEFAULT)) {
            assertThat(frames.size()).isEqualTo(new PictureSize(64, 48));
            assertThat(all(frames)).hasSize(4);
        }
    }

    /** Some programs write what is said of a film, its cover too, before the film. */
    @Test
    void showsTheFilmAndNotItsCover() throws Exception {
        film("cover.png", "-f", "lavfi", "-i", "color=red:size=32x32", "-frames:v", "1");
        film("film.mp4", "-f", "lavfi", "-i", TEST + ":rate=10:duration=2", "-c:v", "mpeg4");
        byte[] film = film(
                "covered.mp4",
                "-i",
                "film.mp4",
                "-i",
                "cover.png",
                "-map",
                "0",
                "-map",
                "1",
                "-c",
                "copy",
                "-disposition:v:1",
                "attached_pic");
        String text = new String(film, StandardCharsets.ISO_8859_1);
        int track = text.indexOf("trak") - 4;
        int told = text.indexOf("udta") - 4;
        assertThat(told).isGreaterThan(track);
        assertThat(told + ByteBuffer.wrap(film).getInt(told)).isEqualTo(film.length);
        String turned = text.substring(0, track) + text.substring(told) + text.substring(track, told);
        try (PictureFrames frames = open(turned.getBytes(StandardCharsets.ISO_8859_1), FrameSampling.DEFAULT)) {
            assertThat(frames.size()).isEqualTo(new PictureSize(64, 48));
            assertThat(all(frames)).hasSize(4);
        }
    }

    @Test
    void saysThatSoundAloneHoldsNoPictures() throws Exception {
        byte[] sound = film("sound.mp4", "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac");
        assertThatThrownBy(() -> open(sound, FrameSampling.DEFAULT))
                .isInstanceOf(ImageException.class)
                .hasMessage("video film.mp4 cannot be decoded, it holds no pictures: convert it to MP4 with H.264");
    }

    @Test
    void refusesAFilmWhoseHeaderSaysToBeHuge() throws Exception {
        byte[] film = film(
                "small.mov", "-f", "lavfi", "-i", TEST + ":rate=5:duration=1", "-pix_fmt", "rgb24", "-c:v", "rawvideo");
        // The size in the description of the track, two bytes each.
        int size = new String(film, StandardCharsets.ISO_8859_1).indexOf("stsd") + 44;
        ByteBuffer header = ByteBuffer.wrap(film);
        assertThat(header.getInt(size)).isEqualTo(64 << 16 | 48);
        header.putInt(size, 0x7fff_7fff);
        assertThatThrownBy(() -> open(film, FrameSampling.DEFAULT))
                .isInstanceOf(ImageException.class)
                .hasMessageStartingWith("video film.mp4 ");
    }
}
