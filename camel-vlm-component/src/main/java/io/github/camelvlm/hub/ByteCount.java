package io.github.camelvlm.hub;

import java.util.Locale;

/** Numbers of bytes as people read them, in powers of ten as disks and the hubs count. */
final class ByteCount {
    private static final String[] UNITS = {"bytes", "KB", "MB", "GB", "TB", "PB", "EB"};

    private ByteCount() {}

    static String text(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.95 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
