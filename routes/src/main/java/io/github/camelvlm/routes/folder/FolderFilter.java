package io.github.camelvlm.routes.folder;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a route from following links to directories, which may lead out of the inbox, or back into it without end. */
public final class FolderFilter implements GenericFileFilter<File> {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private final Set<File> told = ConcurrentHashMap.newKeySet();

    @Override
    public boolean accept(GenericFile<File> file) {
        if (!file.isDirectory() || !isLink(file.getFile())) {
            return true;
        }
        if (told.add(file.getFile())) {
            LOG.warn(
                    "{} is a link to a directory, and is not followed: put the directory itself into the inbox",
                    file.getFileName());
        }
        return false;
    }

    private static boolean isLink(File file) {
        try {
            return Files.isSymbolicLink(file.toPath());
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
