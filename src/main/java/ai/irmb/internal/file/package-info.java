/** How output reaches the disk: whole, or not at all. */
@NullMarked
package ai.irmb.internal.file;

import org.jspecify.annotations.NullMarked;
