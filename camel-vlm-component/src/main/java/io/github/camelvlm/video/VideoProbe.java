package io.github.camelvlm.video;

import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.process.BoundedProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What ffprobe tells of a video file: its pictures, without decoding them.
 *
 * @param stream what the file tells of itself
 * @param packets its pictures as they are stored
 * @param codec what ffmpeg calls their codec
 * @param isReordered whether pictures are stored in another order than they are shown, as the codec says
 */
record VideoProbe(VideoStream stream, FilmPackets packets, String codec, boolean isReordered) {
    /** What is asked of ffprobe. {@code V} leaves out the picture on a film's cover. */
    static final List<String> OPTIONS = List.of(
            "-select_streams",
            "V:0",
            "-show_entries",
            "packet=pts,size,pos,flags:stream=codec_name,width,height,has_b_frames,avg_frame_rate,r_frame_rate,"
                    + "duration_ts,time_base:stream_side_data=rotation",
            "-of",
            "compact");

    private static final int MAX_LINE = 1000;

    /**
     * Reads it.
     *
     * @param run ffprobe with {@link #OPTIONS}
     * @throws IOException if it fails, or there are no pictures, or none that can be shown
     */
    static VideoProbe read(BoundedProcess run) throws IOException {
        FilmPackets packets = new FilmPackets();
        Map<String, String> stream = null;
        Reader reader = new BufferedReader(new InputStreamReader(run.output(), StandardCharsets.ISO_8859_1));
        for (String line = line(reader); line != null; line = line(reader)) {
            Map<String, String> told = fields(line);
            if (line.startsWith("packet|")) {
                String flags = told.getOrDefault("flags", "");
                packets.add(
                        told.containsKey("pts") ? number(told, "pts", 0) : null,
                        number(told, "pos", -1),
                        (int) Math.min(Integer.MAX_VALUE, number(told, "size", 0)),
                        flags.contains("K"),
                        flags.contains("D"));
            } else if (line.startsWith("stream|")) {
                stream = told;
            }
        }
        run.awaitSuccess();
        if (stream == null) {
            throw new IOException("it holds no pictures");
        }
        return new VideoProbe(
                stream(stream, packets.shown()),
                packets,
                stream.getOrDefault("codec_name", ""),
                number(stream, "has_b_frames", 0) > 0);
    }

    /** The next line, or null at the end. ffprobe writes no long ones, but reads what others wrote. */
    private static String line(Reader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = reader.read();
        for (; next >= 0 && next != '\n'; next = reader.read()) {
            if (line.length() == MAX_LINE) {
                throw new IOException("ffprobe tells of it in lines that are too long");
            }
            line.append((char) next);
        }
        return next < 0 && line.isEmpty() ? null : line.toString();
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new HashMap<>();
        for (String field : line.split("\\|")) {
            int equals = field.indexOf('=');
            if (equals > 0 && !field.endsWith("=N/A")) {
                // Side data has a name before it.
                fields.put(field.substring(field.lastIndexOf(':', equals) + 1, equals), field.substring(equals + 1));
            }
        }
        return fields;
    }

    private static long number(Map<String, String> fields, String name, long otherwise) {
        try {
            return Long.parseLong(fields.getOrDefault(name, ""));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static VideoStream stream(Map<String, String> stream, int frames) throws IOException {
        int width = (int) number(stream, "width", 0);
        int height = (int) number(stream, "height", 0);
        double fps = rate(stream, "avg_frame_rate");
        if (!(fps > 0)) {
            fps = rate(stream, "r_frame_rate");
        }
        if (width < 1 || height < 1 || frames < 1 || !(fps > 0 && fps < Double.POSITIVE_INFINITY)) {
            throw new IOException(
                    "it tells of " + frames + " frames of " + width + " × " + height + ", " + fps + " a second");
        }
        boolean lies = Math.abs(number(stream, "rotation", 0)) % 180 == 90;
        return new VideoStream(
                lies ? new PictureSize(height, width) : new PictureSize(width, height),
                frames,
                fps,
                seconds(stream, frames / fps));
    }

    /** Its length, which Matroska and WebM tell of no stream. */
    private static double seconds(Map<String, String> stream, double otherwise) {
        double seconds = number(stream, "duration_ts", 0) * rate(stream, "time_base");
        return seconds > 0 && seconds < Double.POSITIVE_INFINITY ? seconds : otherwise;
    }

    /** A fraction such as {@code 30000/1001}. */
    private static double rate(Map<String, String> fields, String name) {
        String[] parts = fields.getOrDefault(name, "").split("/", 2);
        try {
            return Double.parseDouble(parts[0]) / (parts.length < 2 ? 1 : Double.parseDouble(parts[1]));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
