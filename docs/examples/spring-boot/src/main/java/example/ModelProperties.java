package example;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What {@code irmb.*} in the application's properties says.
 *
 * @param weights the model
 * @param confidence least confidence
 * @param pixels the largest image that is decoded
 */
@ConfigurationProperties("irmb")
record ModelProperties(
    Path weights,
    @DefaultValue("0.25") double confidence,
    @DefaultValue("24000000") long pixels) {}
