/** The memory budget of reading one file. */
@NullMarked
package ai.irmb.internal.limit;

import org.jspecify.annotations.NullMarked;
