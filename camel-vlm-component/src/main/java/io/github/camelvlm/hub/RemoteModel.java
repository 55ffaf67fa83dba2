package io.github.camelvlm.hub;

import java.util.Map;

/**
 * A model on a hub at one moment.
 *
 * @param commit the 40 digits of its commit; its folder in the cache
 * @param files by their names
 */
record RemoteModel(String commit, Map<String, RemoteFile> files) {
    RemoteModel {
        files = Map.copyOf(files);
    }
}
