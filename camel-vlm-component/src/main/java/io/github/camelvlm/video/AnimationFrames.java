package io.github.camelvlm.video;

import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.media.Animation;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.RgbImage;
import java.util.NoSuchElementException;

/**
 * Chosen frames of an animated picture, as of a film of constant rate that looks the same: one in which a frame that is shown
 * for longer stands for several.
 */
final class AnimationFrames implements PictureFrames {
    private static final double MILLIS = 1000;

    private final Animation animation;
    private final VideoStream film;
    private final ChosenFrames chosen;
    private int read;
    private int shown;
    private long shownUntil;
    private RgbImage last;

    private AnimationFrames(Animation animation, VideoStream film, ChosenFrames chosen) {
        this.animation = animation;
        this.film = film;
        this.chosen = chosen;
        shownUntil = animation.millis(0);
    }

    /** @throws io.github.camelvlm.chat.InvalidRequestException if frames are asked for that it does not have */
    static AnimationFrames of(Animation animation, FrameSampling sampling) {
        long tick = 0;
        long whole = 0;
        for (int i = 0; i < animation.count(); i++) {
            tick = greatestDivisor(animation.millis(i), tick);
            whole += animation.millis(i);
        }
        int frames = (int) Math.min(Integer.MAX_VALUE, whole / tick);
        VideoStream film = new VideoStream(animation.size(), frames, MILLIS / tick, whole / MILLIS);
        ChosenFrames chosen = ChosenFrames.of(film, sampling);
        animation.requireShown(Math.min(chosen.indices().length, animation.count()));
        return new AnimationFrames(animation, film, chosen);
    }

    private static long greatestDivisor(long a, long b) {
        return b == 0 ? a : greatestDivisor(b, a % b);
    }

    @Override
    public int count() {
        return chosen.indices().length;
    }

    @Override
    public double fps() {
        return chosen.fps();
    }

    @Override
    public double seconds(int frame) {
        return chosen.seconds()[frame];
    }

    @Override
    public PictureSize size() {
        return film.size();
    }

    @Override
    public RgbImage next() {
        if (read == count()) {
            throw new NoSuchElementException("all " + read + " frames are read");
        }
        int before = shown;
        long time = Math.round(MILLIS * chosen.indices()[read] / film.fps());
        while (time >= shownUntil && shown < animation.count() - 1) {
            shownUntil += animation.millis(++shown);
        }
        if (last == null || shown != before) {
            last = animation.show(shown);
        }
        read++;
        if (read == count()) {
            // What is decoded next in the same request may need its memory.
            animation.close();
        }
        return last;
    }

    @Override
    public void close() {
        animation.close();
        last = null;
    }
}
