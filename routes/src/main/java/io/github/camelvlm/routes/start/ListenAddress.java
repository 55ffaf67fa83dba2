package io.github.camelvlm.routes.start;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Where the HTTP server is to listen.
 *
 * @param host a name or address of this machine, or {@code 0.0.0.0} for all
 * @param port a number, 0 for any free port
 */
record ListenAddress(String host, String port) {
    /**
     * Tries to listen there. Camel's server, if it cannot, writes a stack trace before it can be asked what it is about.
     *
     * @throws IllegalArgumentException if nothing can
     */
    void requireUsable() {
        try (ServerSocket socket = new ServerSocket()) {
            // As Vert.x has it: connections of an earlier process, which end slowly, are in no listener's way.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, Integer.parseInt(port)));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("Nothing can be served at " + host + ":" + port + " (" + e.getMessage()
                    + "): another process listens there, or the address is not this machine's, or may not be used by"
                    + " this user. Choose another by API_PORT or API_HOST");
        }
    }
}
