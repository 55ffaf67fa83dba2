package io.github.camelvlm.media;

/**
 * Which coefficients of which components the scans of a JPEG have brought to full precision (ITU-T T.81, B.2.3 and
 * G.1.1.1): tells a file that merely lacks its end marker from one that lacks scans.
 */
final class JpegProgress {
    private static final int COEFFICIENTS = 64;

    private final int[] componentIds;
    private final boolean[][] complete;

    JpegProgress(int[] componentIds) {
        this.componentIds = componentIds;
        complete = new boolean[componentIds.length][COEFFICIENTS];
    }

    /** Takes the header of a scan, which begins with its number of components. */
    void add(PictureBytes file, int header) {
        int count = file.u8(header);
        int range = header + 1 + 2 * count;
        int first = file.u8(range);
        int last = Math.min(COEFFICIENTS - 1, file.u8(range + 1));
        boolean fullPrecision = (file.u8(range + 2) & 0xf) == 0;
        for (int i = 0; i < count && fullPrecision; i++) {
            int id = file.u8(header + 1 + 2 * i);
            for (int c = 0; c < componentIds.length; c++) {
                for (int k = first; componentIds[c] == id && k <= last; k++) {
                    complete[c][k] = true;
                }
            }
        }
    }

    boolean isComplete() {
        for (boolean[] component : complete) {
            for (boolean coefficient : component) {
                if (!coefficient) {
                    return false;
                }
            }
        }
        return true;
    }
}
