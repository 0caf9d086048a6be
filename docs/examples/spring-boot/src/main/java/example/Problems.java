package example;

import ai.irmb.error.ImageException;
import ai.irmb.error.InferenceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Failures as {@code application/problem+json}: the caller's with the sentence that says what is
 * wrong with the image, the service's own without its insides. Spring's, such as an upload that
 * is too large, come from the base class.
 */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  @ExceptionHandler
  ProblemDetail badImage(ImageException e) {
    ProblemDetail problem =
        ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, e.getMessage());
    problem.setTitle("Unusable image");
    return problem;
  }

  @ExceptionHandler
  ProblemDetail failed(InferenceException e) {
    LOG.error("The network did not run", e);
    return ProblemDetail.forStatusAndDetail(
        HttpStatus.INTERNAL_SERVER_ERROR, "The network did not run.");
  }
}
