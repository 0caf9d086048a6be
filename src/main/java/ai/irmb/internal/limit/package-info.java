/** The memory budget of one read. */
@NullMarked
package ai.irmb.internal.limit;

import org.jspecify.annotations.NullMarked;
