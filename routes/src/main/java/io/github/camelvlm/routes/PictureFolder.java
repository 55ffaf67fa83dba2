package io.github.camelvlm.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.component.file.GenericFileOperationFailedException;

/** A folder into which a route moves pictures, one of which may be named as one that is there already. */
public final class PictureFolder {
    private Path folder;

    /** @param folder where the pictures go; relative to the working directory */
    public void setFolder(String folder) {
        this.folder = Path.of(folder).toAbsolutePath().normalize();
    }

    /**
     * Makes room for a picture. An earlier one of the same name is renamed, {@code cat.png} to {@code cat-1.png}, unless it
     * is the same picture: the plain name is always that of the newest, to which the newest caption belongs.
     *
     * @param name the name of the picture, below the inbox
     * @param picture the picture
     * @return where to move it, absolute
     * @throws GenericFileOperationFailedException if an earlier picture of the same name cannot be compared or renamed
     */
    public String place(@Header(Exchange.FILE_NAME) String name, @Header(Exchange.FILE_PATH) String picture) {
        Path place = folder.resolve(name);
        try {
            if (Files.isRegularFile(place) && Files.mismatch(place, Path.of(picture)) >= 0) {
                Files.move(place, freePlace(place));
            }
        } catch (IOException e) {
            throw new GenericFileOperationFailedException("Cannot make room for another " + place, e);
        }
        return place.toString();
    }

    private static Path freePlace(Path place) {
        String name = place.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = dot < 0 ? name : name.substring(0, dot);
        String extension = dot < 0 ? "" : name.substring(dot);
        int number = 1;
        while (Files.exists(place.resolveSibling(stem + "-" + number + extension))) {
            number++;
        }
        return place.resolveSibling(stem + "-" + number + extension);
    }
}
