/** What the interpretations of {@link ai.irmb.ops.Ops} share. */
@NullMarked
package ai.irmb.internal.ops;

import org.jspecify.annotations.NullMarked;
