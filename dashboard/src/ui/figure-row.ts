/** One figure: what it is of, its text with the unit, and what it means. */
export interface FigureRow {
  name: string;
  text: string;
  unit: string;
  about: string;
  /** Under the figure, such as that it is old. */
  note?: string;
}
