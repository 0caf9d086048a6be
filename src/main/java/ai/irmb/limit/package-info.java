/** Bounds on what files from outside may contain. */
@NullMarked
package ai.irmb.limit;

import org.jspecify.annotations.NullMarked;
