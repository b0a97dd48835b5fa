const { Segmenter } = Intl;

/**
 * Intl.Segmenter, made when it is first asked to segment something. In the grader's script it stands in for the one of
 * string-width and wrap-ansi, which make theirs as they are loaded: that reads the languages' data, 20 ms of a command's
 * start, and text in ASCII never needs it.
 */
export class LateSegmenter {
  #segmenter: Intl.Segmenter | undefined;

  segment(text: string): Intl.Segments {
    return (this.#segmenter ??= new Segmenter()).segment(text);
  }
}
