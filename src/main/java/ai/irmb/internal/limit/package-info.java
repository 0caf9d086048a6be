/** The memory budget of reading one file, and messages about limits. */
@NullMarked
package ai.irmb.internal.limit;

import org.jspecify.annotations.NullMarked;
