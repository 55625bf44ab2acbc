/// Whether the last digit is that of Luhn (US patent 2,950,048): every second one from the right
/// doubled, the sum of all digits a multiple of ten.
func passesLuhn(_ digits: [Int]) -> Bool {
  var sum = 0
  for (place, digit) in digits.reversed().enumerated() {
    let doubled = digit * 2
    sum += place % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 == 0
}

/// Whether the last digit is that of Verhoeff (Error Detecting Decimal Codes, 1969).
func passesVerhoeff(_ digits: [Int]) -> Bool {
  let step = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
  var check = 0
  for (place, digit) in digits.reversed().enumerated() {
    var turned = digit
    for _ in 0..<(place % 8) { turned = step[turned] }
    check = dihedral(check, turned)
  }
  return check == 0
}

/// The product of two symmetries of a pentagon: 0 to 4 turn it, 5 to 9 mirror it.
private func dihedral(_ a: Int, _ b: Int) -> Int {
  let turn = a < 5 ? (a + b) % 5 : ((a - b) % 5 + 5) % 5
  return (a < 5) == (b < 5) ? turn : turn + 5
}
