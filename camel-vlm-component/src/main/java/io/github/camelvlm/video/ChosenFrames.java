package io.github.camelvlm.video;

import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.VideoProfile;
import java.util.Arrays;

/**
 * Frames of a video file that are shown to a model, evenly spaced: in an even number as {@code fetch_video} of Qwen's
 * {@code qwen_vl_utils} chooses them, or as LLaMA-Factory does.
 *
 * @param indices their numbers in the file, from 0, ascending; the same may come twice
 * @param fps how many of them make a second
 * @param seconds when they are shown
 */
record ChosenFrames(int[] indices, double fps, double[] seconds) {
    private static final int PAIR = 2;

    /**
     * Chooses.
     *
     * @throws InvalidRequestException if more frames are asked for than there are between start and end
     */
    static ChosenFrames of(VideoStream stream, FrameSampling sampling) {
        int first = sampling.start() == null
                ? 0
                : (int) Math.min(Integer.MAX_VALUE, Math.ceil(sampling.start() * stream.fps()));
        int last = stream.frames() - 1;
        if (sampling.end() != null) {
            last = (int) Math.min(last, Math.floor(sampling.end() * stream.fps()));
        }
        if (first > last) {
            throw new InvalidRequestException(
                    "video_start",
                    "to video_end holds no frame: the video has " + stream.frames() + " frames, " + stream.fps()
                            + " a second");
        }
        int there = last - first + 1;
        if (sampling.profile() == VideoProfile.LLAMA_FACTORY) {
            return regular(stream, sampling, first, there);
        }
        int count = count(sampling, there, stream.fps());
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = (int) Math.rint(spaced(first, last, count, i));
        }
        double[] seconds = Arrays.stream(indices)
                .mapToDouble(index -> index / stream.fps())
                .toArray();
        return new ChosenFrames(indices, count / (double) there * stream.fps(), seconds);
    }

    /** As LLaMA-Factory's {@code _get_video_sample_indices} has it, which rounds down and takes odd numbers too. */
    private static ChosenFrames regular(VideoStream stream, FrameSampling sampling, int first, int there) {
        double length = there == stream.frames() ? stream.seconds() : there / stream.fps();
        double rate = sampling.fps() != null ? sampling.fps() : FrameSampling.DEFAULT_FPS;
        int least = orElse(sampling.minFrames(), 1);
        int count = sampling.frames() != null
                ? requireThere(sampling.frames(), sampling, there)
                : (int) Math.min(Math.min(there, sampling.mostFrames()), Math.max(least, Math.floor(length * rate)));
        double step = count == 1 ? 0 : (there - 1) / (double) (count - 1);
        int[] indices = new int[count];
        double[] seconds = new double[count];
        for (int i = 0; i < count; i++) {
            indices[i] = first + (i > 0 && i == count - 1 ? there - 1 : (int) (i * step));
            // It multiplies and divides by the rate, which counts where a time is half way between two tenths.
            seconds[i] = indices[i] / stream.fps() * rate / rate;
        }
        return new ChosenFrames(indices, count / length, seconds);
    }

    /** Their numbers, each once. */
    int[] distinct() {
        return Arrays.stream(indices).distinct().toArray();
    }

    private static int requireThere(int wanted, FrameSampling sampling, int there) {
        if (wanted > there) {
            throw new InvalidRequestException(
                    "nframes", "must be at most the " + there + " frames of the video, but is " + sampling.frames());
        }
        return wanted;
    }

    private static int count(FrameSampling sampling, int there, double fps) {
        if (sampling.frames() != null) {
            return requireThere((int) Math.rint(sampling.frames() / (double) PAIR) * PAIR, sampling, there);
        }
        int least = orElse(sampling.minFrames(), FrameSampling.DEFAULT_MIN_FRAMES);
        int most = orElse(sampling.maxFrames(), Math.min(FrameSampling.DEFAULT_MAX_FRAMES, there));
        double rate = sampling.fps() != null ? sampling.fps() : FrameSampling.DEFAULT_FPS;
        double wanted = there / fps * rate;
        wanted = Math.min(Math.min(Math.max(wanted, (least + 1) / PAIR * PAIR), most / PAIR * PAIR), there);
        // A video of one frame is shown, though Qwen's own code refuses it.
        return Math.max(1, (int) Math.floor(wanted / PAIR) * PAIR);
    }

    private static int orElse(Integer number, int otherwise) {
        return number != null ? number : otherwise;
    }

    /** {@code torch.linspace} in float32, which goes from both ends to the middle. */
    private static float spaced(int first, int last, int count, int i) {
        if (count == 1) {
            return first;
        }
        float step = ((float) last - first) / (count - 1);
        return i < count / 2 ? first + step * i : last - step * (count - 1 - i);
    }
}
