/** Who is who from one image of a video to the next. */
@NullMarked
package ai.irmb.track;

import org.jspecify.annotations.NullMarked;
