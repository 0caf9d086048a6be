/** An image in memory, read from a file, a stream or a {@link java.awt.image.BufferedImage}. */
@NullMarked
package ai.irmb.image;

import org.jspecify.annotations.NullMarked;
