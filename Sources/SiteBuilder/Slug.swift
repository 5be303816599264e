/// Text as a part of a URL: lower case, runs of what is no letter, digit, `_` or `.` become one hyphen; letters of any script stay. It begins with no dot: such files are hidden.
///
/// `Über uns & mehr` → `über-uns-mehr`. Empty where nothing stays.
func slug(_ text: String) -> String {
  var slug = ""
  var isGap = false
  for scalar in text.lowercased().unicodeScalars {
    let properties = scalar.properties
    let stays =
      properties.isAlphabetic || properties.numericType != nil || scalar == "_" || scalar == "."
      || properties.generalCategory == .nonspacingMark
    if stays {
      if isGap, !slug.isEmpty { slug.append("-") }
      isGap = false
      slug.unicodeScalars.append(scalar)
    } else if scalar != "'" && scalar != "\u{2019}" {
      isGap = true
    }
  }
  return String(slug.drop { $0 == "." || $0 == "-" })
}

/// The slug of a term: `C++` and `C#` are two.
func termSlug(_ term: String) -> String {
  var spelled = ""
  for character in term {
    switch character {
    case "+": spelled += "-plus-"
    case "#": spelled += "-sharp-"
    default: spelled.append(character)
    }
  }
  return slug(spelled)
}
