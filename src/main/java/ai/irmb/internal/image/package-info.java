/**
 * Images in: from a file or a {@link java.awt.image.BufferedImage} to plain RGB bytes, and from
 * there to the network's input, byte for byte as OpenCV prepares it for upstream.
 */
@NullMarked
package ai.irmb.internal.image;

import org.jspecify.annotations.NullMarked;
