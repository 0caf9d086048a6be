/** What can go wrong with files, images and the engine: one small, sealed, unchecked hierarchy. */
@NullMarked
package ai.irmb.error;

import org.jspecify.annotations.NullMarked;
