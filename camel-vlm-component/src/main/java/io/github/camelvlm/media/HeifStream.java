package io.github.camelvlm.media;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The coded items of a HEIF file as a stream that a decoder takes, without what else is in the file. */
final class HeifStream {
    private static final byte[] START_CODE = {0, 0, 0, 1};
    private static final int HVCC_HEADER = 21;
    private static final int IVF_HEADER = 32;
    private static final int IVF_FRAME_HEADER = 12;
    /** Begins the unit of time that each frame is. */
    private static final byte[] TEMPORAL_DELIMITER = {0x12, 0};

    private final PictureBytes file;
    private final HeifItems items;
    private final List<Integer> coded;
    private final PictureSize size;

    /** @param coded items of one type and size */
    HeifStream(PictureBytes file, HeifItems items, List<Integer> coded, PictureSize size) {
        this.file = file;
        this.items = items;
        this.coded = coded;
        this.size = size;
    }

    /** @throws ImageException if they are not coded as anything that is read */
    CodedFrames frames() {
        String type = items.type(coded.get(0));
        if (coded.stream().anyMatch(item -> !items.type(item).equals(type))) {
            throw file.damaged("its tiles are not of one kind");
        }
        return switch (type) {
            case "hvc1" -> new CodedFrames(CodedFrames.Codec.HEVC, coded.size(), size, this::writeHevc);
            case "av01" -> new CodedFrames(CodedFrames.Codec.AV1, coded.size(), size, this::writeAv1);
            default -> throw file.unsupported("a HEIF picture of the kind \"" + IsoBox.shown(type) + "\"");
        };
    }

    private void writeHevc(OutputStream out) throws IOException {
        for (int item : coded) {
            file.requireTime();
            IsoBox hvcc = IsoBox.first(items.properties(item), "hvcC")
                    .orElseThrow(() -> file.damaged("its box hvcC is missing"));
            IsoNumbers numbers = hvcc.numbers();
            numbers.skip(HVCC_HEADER);
            int bytesOfLength = 1 + (numbers.u8() & 3);
            int arrays = numbers.u8();
            for (int i = 0; i < arrays; i++) {
                numbers.skip(1);
                int units = numbers.u16();
                for (int j = 0; j < units; j++) {
                    writeUnit(numbers, 2, out);
                }
            }
            byte[] bytes = items.bytes(item);
            IsoNumbers units = new IsoNumbers(file.with(bytes), "mdat", 0, bytes.length);
            while (units.left() > 0) {
                writeUnit(units, bytesOfLength, out);
            }
        }
    }

    private static void writeUnit(IsoNumbers numbers, int bytesOfLength, OutputStream out) throws IOException {
        long length = numbers.next(bytesOfLength);
        int at = numbers.at();
        numbers.skip(length);
        out.write(START_CODE);
        numbers.write(at, out);
    }

    private void writeAv1(OutputStream out) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(IVF_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.put("DKIFxxxxAV01".getBytes(StandardCharsets.US_ASCII));
        header.putShort(4, (short) 0).putShort(6, (short) IVF_HEADER);
        header.putShort(12, (short) size.width()).putShort(14, (short) size.height());
        // One frame a second.
        header.putInt(16, 1).putInt(20, 1).putInt(24, coded.size());
        out.write(header.array());
        long time = 0;
        for (int item : coded) {
            file.requireTime();
            byte[] bytes = items.bytes(item);
            out.write(ByteBuffer.allocate(IVF_FRAME_HEADER)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(TEMPORAL_DELIMITER.length + bytes.length)
                    .putLong(time++)
                    .array());
            out.write(TEMPORAL_DELIMITER);
            out.write(bytes);
        }
    }
}
