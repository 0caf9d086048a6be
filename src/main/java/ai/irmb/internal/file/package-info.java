/** Output files, written atomically. */
@NullMarked
package ai.irmb.internal.file;

import org.jspecify.annotations.NullMarked;
