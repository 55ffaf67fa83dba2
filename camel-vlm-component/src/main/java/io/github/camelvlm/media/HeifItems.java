package io.github.camelvlm.media;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The items of a HEIF file (ISO/IEC 23008-12): what each is, which properties it has, to which others it belongs, and where
 * its bytes are. Numbers of items are those that the file gives them.
 */
final class HeifItems {
    /** Of one kind in all: a grid of the most tiles, with some properties each. */
    private static final int MOST = 1_000_000;

    private static final int MOST_PROPERTIES_OF_ITEM = 255;

    private static final String DAMAGED_LIST = "it lists more than " + MOST + " items, properties or parts of items";

    /** Where bytes are, from the beginning of the file. */
    private record Extent(long start, long length) {}

    /** Of which items another one is made, or to which it belongs. */
    private record Reference(String type, int from, List<Integer> to) {}

    private final PictureBytes file;
    private final int primary;
    private final Map<Integer, String> types = new HashMap<>();
    private final Map<Integer, List<IsoBox>> properties = new HashMap<>();
    private final Map<Integer, List<Extent>> extents = new HashMap<>();
    private final List<Reference> references = new ArrayList<>();
    private int listed;

    /** @throws ImageException if the file is cut off or damaged, or has no item that is the picture */
    HeifItems(PictureBytes file) {
        this.file = file;
        List<IsoBox> all = IsoBox.of(file);
        IsoBox meta = IsoBox.first(all, "meta").orElseThrow(() -> missing(all));
        List<IsoBox> boxes = meta.boxes(4);
        IsoNumbers pitm = required(boxes, "pitm").numbers();
        primary = (int) pitm.next(version(pitm) == 0 ? 2 : 4);
        readTypes(required(boxes, "iinf"));
        readProperties(required(boxes, "iprp").boxes(0));
        readPlaces(required(boxes, "iloc"), IsoBox.first(boxes, "idat").orElse(null));
        IsoBox.first(boxes, "iref").ifPresent(this::readReferences);
    }

    private ImageException missing(List<IsoBox> all) {
        return IsoBox.first(all, "moov").isPresent()
                ? file.unsupported("a film of pictures without a still one")
                : file.cutOff();
    }

    private IsoBox required(List<IsoBox> boxes, String type) {
        return IsoBox.first(boxes, type).orElseThrow(() -> file.damaged("its box " + type + " is missing"));
    }

    /** Of a box that begins with its version and flags, which are passed over. */
    private static int version(IsoNumbers numbers) {
        int version = numbers.u8();
        numbers.skip(3);
        return version;
    }

    private void count() {
        if (++listed > MOST) {
            throw file.damaged(DAMAGED_LIST);
        }
    }

    private void readTypes(IsoBox iinf) {
        IsoNumbers head = iinf.numbers();
        int bytesOfCount = version(head) == 0 ? 2 : 4;
        for (IsoBox infe : iinf.boxes(4 + bytesOfCount)) {
            IsoNumbers numbers = infe.numbers();
            int version = version(numbers);
            if (infe.type().equals("infe") && version >= 2) {
                int item = (int) numbers.next(version == 2 ? 2 : 4);
                numbers.skip(2);
                int type = numbers.at();
                numbers.skip(4);
                types.putIfAbsent(item, letters(type));
            }
        }
    }

    private String letters(int at) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            letters.append((char) file.u8(at + i));
        }
        return letters.toString();
    }

    private void readProperties(List<IsoBox> boxes) {
        List<IsoBox> all = required(boxes, "ipco").boxes(0);
        for (IsoBox ipma : boxes) {
            if (!ipma.type().equals("ipma")) {
                continue;
            }
            IsoNumbers numbers = ipma.numbers();
            int version = numbers.u8();
            boolean isLong = (numbers.next(3) & 1) != 0;
            long items = numbers.u32();
            for (long i = 0; i < items; i++) {
                count();
                int item = (int) numbers.next(version == 0 ? 2 : 4);
                int count = numbers.u8();
                List<IsoBox> own = properties.computeIfAbsent(item, key -> new ArrayList<>());
                // Each of many tiles may be this one, and is asked for them.
                if (own.size() + count > MOST_PROPERTIES_OF_ITEM) {
                    throw file.damaged("item " + item + " has more than " + MOST_PROPERTIES_OF_ITEM + " properties");
                }
                for (int j = 0; j < count; j++) {
                    count();
                    // The highest bit says whether it matters.
                    int index = isLong ? numbers.u16() & 0x7fff : numbers.u8() & 0x7f;
                    if (index > all.size()) {
                        throw file.damaged("item " + item + " has a property that is not there");
                    }
                    if (index > 0) {
                        own.add(all.get(index - 1));
                    }
                }
            }
        }
    }

    private void readPlaces(IsoBox iloc, IsoBox idat) {
        IsoNumbers numbers = iloc.numbers();
        int version = version(numbers);
        int sizes = numbers.u16();
        int bytesOfOffset = sizes >> 12;
        int bytesOfLength = sizes >> 8 & 15;
        int bytesOfBase = sizes >> 4 & 15;
        int bytesOfIndex = version == 0 ? 0 : sizes & 15;
        if (Math.max(Math.max(bytesOfOffset, bytesOfLength), Math.max(bytesOfBase, bytesOfIndex)) > 8) {
            throw file.damaged("its box iloc has numbers that are too long");
        }
        long items = numbers.next(version < 2 ? 2 : 4);
        for (long i = 0; i < items; i++) {
            count();
            int item = (int) numbers.next(version < 2 ? 2 : 4);
            int method = version == 0 ? 0 : numbers.u16() & 15;
            numbers.skip(2);
            long base = numbers.next(bytesOfBase);
            int count = numbers.u16();
            List<Extent> own = new ArrayList<>();
            for (int j = 0; j < count; j++) {
                count();
                numbers.skip(bytesOfIndex);
                long offset = base + numbers.next(bytesOfOffset);
                long length = numbers.next(bytesOfLength);
                own.add(extent(method, offset, length, idat));
            }
            extents.putIfAbsent(item, own);
        }
    }

    /** An extent of no length is the whole of what it is in. One in another file, or in an item, is none that is read. */
    private Extent extent(int method, long offset, long length, IsoBox idat) {
        if (method == 0) {
            return new Extent(offset, length == 0 ? file.length() - offset : length);
        }
        if (method != 1 || idat == null || offset < 0 || offset + length > idat.end() - idat.start()) {
            return new Extent(-1, 0);
        }
        return new Extent(idat.start() + offset, length == 0 ? idat.end() - idat.start() - offset : length);
    }

    private void readReferences(IsoBox iref) {
        int bytesOfItem = iref.numbers().u8() == 0 ? 2 : 4;
        for (IsoBox box : iref.boxes(4)) {
            IsoNumbers numbers = box.numbers();
            int from = (int) numbers.next(bytesOfItem);
            int count = numbers.u16();
            List<Integer> to = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                count();
                to.add((int) numbers.next(bytesOfItem));
            }
            references.add(new Reference(box.type(), from, to));
        }
    }

    /** The item that is the picture. */
    int primary() {
        return primary;
    }

    /** The type of an item, four letters; empty if it is not there. */
    String type(int item) {
        return types.getOrDefault(item, "");
    }

    /** The properties of an item, in the order in which they are to be applied. */
    List<IsoBox> properties(int item) {
        return properties.getOrDefault(item, List.of());
    }

    /** Of which items one is made, in their order. */
    List<Integer> parts(int item) {
        return references.stream()
                .filter(reference ->
                        reference.from() == item && reference.type().equals("dimg"))
                .findFirst()
                .map(Reference::to)
                .orElse(List.of());
    }

    /** Which items belong to one as others of its kind, such as how transparent it is. */
    List<Integer> auxiliary(int item) {
        return references.stream()
                .filter(reference ->
                        reference.type().equals("auxl") && reference.to().contains(item))
                .map(Reference::from)
                .toList();
    }

    /** Whether the colours of an item are multiplied by how opaque they are. */
    boolean isPremultiplied(int item) {
        return references.stream()
                .anyMatch(reference ->
                        reference.from() == item && reference.type().equals("prem"));
    }

    /** How many bytes an item has. */
    long length(int item) {
        return extents.getOrDefault(item, List.of()).stream()
                .mapToLong(Extent::length)
                .sum();
    }

    /**
     * The bytes of an item.
     *
     * @throws ImageException if they are not in the file
     */
    byte[] bytes(int item) {
        List<Extent> own = extents.getOrDefault(item, List.of());
        if (own.isEmpty()) {
            throw file.damaged("item " + item + " has no bytes");
        }
        long length = 0;
        for (Extent extent : own) {
            if (extent.start() < 0) {
                throw file.damaged("item " + item + " is not in the file");
            }
            file.require(extent.start(), extent.length());
            length += extent.length();
        }
        if (length > file.length()) {
            throw file.damaged("item " + item + " is larger than the file");
        }
        byte[] bytes = new byte[(int) length];
        int to = 0;
        for (Extent extent : own) {
            System.arraycopy(file.bytes(), (int) extent.start(), bytes, to, (int) extent.length());
            to += (int) extent.length();
        }
        return bytes;
    }
}
