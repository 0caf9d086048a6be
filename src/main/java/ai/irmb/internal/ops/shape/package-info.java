/** The interpretation that computes shapes and counts operations, without loading weights. */
@NullMarked
package ai.irmb.internal.ops.shape;

import org.jspecify.annotations.NullMarked;
