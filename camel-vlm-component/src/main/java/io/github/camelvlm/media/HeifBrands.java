package io.github.camelvlm.media;

import java.nio.charset.StandardCharsets;

/** Tells still pictures in the ISO base media format by the brands that their files begin with. */
final class HeifBrands {
    private static final int FIRST = 8;
    private static final int OTHERS = 16;
    private static final int BRAND = 4;
    private static final String HEIC = "heic|heix|heim|heis|hevc|hevx|hevm|hevs";
    private static final String AVIF = "avif|avis";
    private static final String SEQUENCE = "avis|msf1|hevc|hevx|hevm|hevs";
    /** Of pictures whatever they are coded by. */
    private static final String ANY = "mif1|mif2|msf1|miaf|1pic";

    private HeifBrands() {}

    static boolean areHeic(PictureBytes file) {
        return isStill(file) && !areAvif(file);
    }

    static boolean areAvif(PictureBytes file) {
        return isStill(file) && (first(file).matches(AVIF) || first(file).matches(ANY) && hasOther(file, AVIF));
    }

    /** Whether they are of a film of pictures too, of which a still one may be in the file. */
    static boolean areOfSequence(PictureBytes file) {
        return isStill(file) && (first(file).matches(SEQUENCE) || hasOther(file, SEQUENCE));
    }

    private static boolean isStill(PictureBytes file) {
        return file.has(4, "ftyp")
                && file.length() >= FIRST + BRAND
                && first(file).matches(HEIC + "|" + AVIF + "|" + ANY);
    }

    private static String first(PictureBytes file) {
        return brand(file, FIRST);
    }

    private static boolean hasOther(PictureBytes file, String wanted) {
        long end = Math.min(file.length(), file.u32(0, false));
        for (int at = OTHERS; at <= end - BRAND && at < PictureType.LONGEST_SIGNATURE; at += BRAND) {
            if (brand(file, at).matches(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static String brand(PictureBytes file, int at) {
        return new String(file.bytes(), at, BRAND, StandardCharsets.ISO_8859_1);
    }
}
